/** What an alert can be sent to. */
export const CHANNEL_TYPES = ['webhook', 'slack', 'discord', 'email'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** A channel as the user configured it: what its type needs may be missing. */
export interface ChannelSettings {
  name: string;
  type: ChannelType | undefined;
  /** Of a webhook; who knows it can post to it. */
  url: string | undefined;
  /** `whsec_` and base64: what messages to a webhook are signed with. */
  secret: string | undefined;
  /** Mail addresses. */
  to: readonly string[];
  /** Whether it may stand inside the machine or its network. */
  allowPrivate: boolean;
}

/** How mail leaves the machine. */
export interface MailSettings {
  host: string | undefined;
  port: number | undefined;
  security: 'tls' | 'starttls' | 'none';
  user: string | undefined;
  from: string | undefined;
  password: string | undefined;
}
