import '../style/keys.css';
import { Dialog } from '../panels/dialog.tsx';

const groups: readonly (readonly [
  where: string,
  keys: readonly (readonly [keys: readonly string[], what: string])[],
])[] = [
  [
    'On every page',
    [
      [['?'], 'This list'],
      [['Esc'], 'Close what is open'],
      [['z'], 'Times in UTC or in local time'],
      [['Tab'], 'To the next control'],
    ],
  ],
  [
    'Overview, Geography and Explore',
    [
      [['/'], 'Write a filter'],
      [['h'], 'Range before this one'],
      [['l'], 'Range after this one'],
      [['o'], 'Zoom out: twice the range'],
      [['r'], 'Refresh'],
    ],
  ],
  [
    'In a chart',
    [
      [['←', '→'], 'Values of the bar before or after, in all charts at once'],
      [['Home', 'End'], 'Values of the first or last bar'],
      [['Esc'], 'Hide them'],
    ],
  ],
  [
    'Rows of Explore',
    [
      [['j', 'k', '↓', '↑'], 'Next or previous row'],
      [['Enter'], 'Open the row'],
      [['Esc'], 'Close it'],
    ],
  ],
  ['SQL', [[['Ctrl', 'Enter'], 'Run the statement']]],
];

/** All keys of the console. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className="keys" tabIndex={0}>
          {groups.map(([where, keys]) => (
            <section key={where}>
              <h3>{where}</h3>
              <dl>
                {keys.map(([names, what]) => (
                  <div key={what}>
                    <dt>
                      {names.map((name) => (
                        <kbd key={name}>{name}</kbd>
                      ))}
                    </dt>
                    <dd>{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
          <p className="muted">No key does anything while you write in a field.</p>
        </div>
      )}
    </Dialog>
  );
}
