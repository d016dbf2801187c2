const tailLength = 14;

/**
 * Text that is shortened in the middle when it does not fit: of a long path both folder and file name matter. The style
 * sheet truncates the head, the tail stays; selecting and copying still gives the full text.
 */
export function MiddleText({ text }: { readonly text: string }) {
  // Code points, so that no character outside the basic plane is split.
  const characters = [...text];
  if (characters.length <= tailLength * 2) {
    return (
      <span className="middle-text" title={text}>
        <span className="middle-head">{text}</span>
      </span>
    );
  }
  return (
    <span className="middle-text" title={text}>
      <span className="middle-head">{characters.slice(0, -tailLength).join('')}</span>
      <span className="middle-tail">{characters.slice(-tailLength).join('')}</span>
    </span>
  );
}
