/** Which accounts a question is about; everything by default. */
export interface AccountFilter {
  platform?: string | undefined;
  username?: string | undefined;
}
