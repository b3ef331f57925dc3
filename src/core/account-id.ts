/**
 * Clients of the API call accounts by ids of their own up to this one, before anybody has seen them. An account that is
 * added beside another, and that nobody calls by an id, therefore gets a higher one: it takes none that a client may use.
 */
export const LAST_CALLED_ID = 1_000_000_000;

/** The largest id that both engines have room for. */
export const LAST_ID = 2_147_483_647;
