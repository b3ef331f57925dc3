import type { MailSettings } from '../core/channel.ts';
import { ConfigError } from '../core/errors.ts';

/** The server that takes mail, with all that it needs. */
export interface MailServer {
  host: string;
  port: number;
  security: MailSettings['security'];
  login: { user: string; password: string } | undefined;
  from: string;
}

/** https://www.rfc-editor.org/rfc/rfc8314: submission over TLS; over STARTTLS; and what a relay in the house listens to. */
const PORTS: Record<MailSettings['security'], number> = { tls: 465, starttls: 587, none: 25 };

/** One address and nothing else: no list, no name, nothing that ends a header. */
export function isMailAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>()[\],;:\\"\p{Cc}\p{Cf}]+@[^\s@<>(),;:\\"\p{Cc}\p{Cf}]+$/u.test(text);
}

/**
 * Reads how mail leaves the machine.
 * @throws ConfigError naming what is missing, and the next command.
 */
export function readMailServer(mail: MailSettings): MailServer {
  const { host, security, user, password } = mail;
  if (host === undefined) {
    throw new ConfigError('mail.host is not set: mail leaves over a server of yours.', {
      hint: 'smstats config set mail.host smtp.example.org',
    });
  }
  const from = mail.from ?? user;
  if (from === undefined || !isMailAddress(from)) {
    throw new ConfigError(`${mail.from === undefined ? 'mail.from is not set' : 'mail.from is not a mail address'}.`, {
      hint: 'smstats config set mail.from anna@example.org',
    });
  }
  // Without TLS, a server in the house may know its people by their addresses alone.
  if (user !== undefined && password === undefined && security !== 'none') {
    throw new ConfigError(`mail.user is set, but no password for it.`, {
      hint: 'smstats config set credentials.smtp_password',
    });
  }
  const login = user !== undefined && password !== undefined ? { user, password } : undefined;
  return { host, port: mail.port ?? PORTS[security], security, login, from };
}
