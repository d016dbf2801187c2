import { formatQuantity } from '../format/quantity.ts';
import type { Series } from './time-series.ts';

export interface TooltipLine {
  readonly series: Series;
  readonly color: string;
}

/** Built from elements: markup in a string would need escaping, and inline styles that the security policy refuses. */
export function createTooltip(
  when: string,
  lines: readonly TooltipLine[],
  index: number,
  isStacked: boolean,
): HTMLElement {
  const box = element('div', 'tooltip');
  box.append(element('div', 'tooltip-time', when));
  const list = element('dl', 'tooltip-list');
  // The top of a stack comes first, as in the chart.
  for (const { series, color } of isStacked ? lines.toReversed() : lines) {
    const value = series.values[index] ?? null;
    if (isStacked && !value) continue;
    const name = element('dt', '', series.label);
    const dot = element('i', 'dot');
    dot.style.color = color;
    name.prepend(dot);
    list.append(name, element('dd', '', formatQuantity(value, series.unit)));
  }
  const unit = lines[0]?.series.unit;
  if (isStacked && unit && lines.length > 1) {
    const total = lines.reduce((sum, { series }) => sum + (series.values[index] ?? 0), 0);
    list.append(element('dt', 'total', 'Total'), element('dd', 'total', formatQuantity(total, unit)));
  }
  box.append(list);
  return box;
}

function element(name: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(text);
  return node;
}
