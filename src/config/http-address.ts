import { z } from 'zod';
import { trimTrailing } from '../text/trim-trailing.ts';
import { fieldNotes } from './field-note.ts';
import { refuse } from './fields.ts';

/**
 * An http or https address as written, without a trailing slash. It must not contain credentials.
 *
 * @param insteadOfUser remedy for a user or password in it
 */
export function httpAddress(example: string, insteadOfUser: string) {
  return z
    .string()
    .register(fieldNotes, { expects: 'an http or https address', example })
    .transform((written, context) => {
      const url = URL.canParse(written) ? new URL(written) : undefined;
      if (url === undefined || !/^https?:\/\//i.test(written)) {
        return refuse(context, 'it is not an http or https address', `write for example ${example}`);
      }
      if (url.username !== '' || url.password !== '') {
        return refuse(context, 'it holds a user or a password', insteadOfUser);
      }
      if (url.search !== '' || url.hash !== '') {
        return refuse(context, 'it has a part after ? or #', `write only the address, for example ${example}`);
      }
      return trimTrailing(written, '/');
    });
}
