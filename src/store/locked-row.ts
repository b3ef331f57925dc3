/** A row that nobody else can change before the transaction ends. */
export interface LockedRow<Row> {
  row: Row;
  /** It was made just now: all of it but its key is unknown. */
  isNew: boolean;
}
