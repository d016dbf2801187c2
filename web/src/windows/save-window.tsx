import { useState } from 'react';
import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { ActButton } from '../operator/act-button.tsx';
import { BecomeOperator } from '../operator/become-operator.tsx';
import { act, useIsOperator } from '../operator/operator-token.ts';
import { namedAddress } from '../view/named-address.ts';
import { definitionOf, type WindowDraft } from './window-draft.ts';
import { windowsAddress } from './windows-address.ts';

/** Saves a draft in the store of the server, which answers it from then on. */
export function SaveWindow({ draft }: { readonly draft: WindowDraft }) {
  const isOperator = useIsOperator();
  const [isAsking, setAsking] = useState(false);
  const { name } = draft;
  const save = async () => {
    await act('PUT', requestAddress(name), definitionOf(draft));
    window.location.hash = namedAddress(windowsAddress, name);
    return 'It is saved';
  };
  if (isOperator) return <ActButton label={`Save ${name}`} onAct={save} />;
  if (isAsking) return <BecomeOperator />;
  return (
    <button type="button" className="button" onClick={() => setAsking(true)}>
      Save in the store instead
    </button>
  );
}

/** Ends a query that was saved; one of the configuration is ended there. */
export function DeleteWindow({ window: { name, origin } }: { readonly window: WindowAnswer }) {
  const isOperator = useIsOperator();
  if (origin !== 'api' || !isOperator) return null;
  const remove = async () => {
    await act('DELETE', requestAddress(name));
    return 'It is deleted; its results stay until they expire';
  };
  return <ActButton label={`Delete ${name}`} onAct={remove} />;
}

function requestAddress(name: string): string {
  return `api/windows/${encodeURIComponent(name)}`;
}
