import { errorGroup, shownCause, withNamedCause } from '../schema/error-taxonomy.ts';
import { requestColumns } from '../schema/requests.ts';
import { derivedField, fieldsOf } from './column-fields.ts';
import type { Fields } from './fields.ts';

const taxonomyColumns = ['status', 'result', 'response_result', 'detailed_result'];

/** Of `requests`: its columns, and what the errors are told apart by. */
export const requestFields: Fields = {
  byName: new Map(
    [
      ...fieldsOf(requestColumns),
      derivedField('cause', withNamedCause(shownCause), taxonomyColumns, 'Cause of an error, as in the list of errors'),
      derivedField('error_group', withNamedCause(errorGroup), taxonomyColumns, 'Who has to act on an error'),
      derivedField('referer_host', 'domain(referer)', ['referer'], 'Host of the referer'),
    ].map((field) => [field.name, field]),
  ),
  aliases: new Map([
    ['address', 'client_ip'],
    ['browser_name', 'browser'],
    ['bytes', 'bytes_sent'],
    ['edge', 'edge_location'],
    ['ip', 'client_ip'],
    ['referrer', 'referer'],
    ['time_taken', 'duration'],
    ['time_to_first_byte', 'ttfb'],
    ['tls', 'tls_protocol'],
    ['uri', 'path'],
    ['url', 'path'],
    ['who', 'error_group'],
  ]),
  searched: 'path',
  maps: new Map([
    ['extra', { sql: 'extra', columns: ['extra'], description: requestColumns.extra?.comment ?? '' }],
    ['params', { sql: 'params', columns: ['query'], description: 'Query string parameters, decoded' }],
  ]),
  absent: new Map([
    ['time', 'the range on the page sets the time'],
    ['extra', 'name one of them, for example extra.NAME'],
    ['params', 'name one of them, for example params.utm_source'],
  ]),
};
