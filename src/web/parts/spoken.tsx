/** A sentence whose pieces of rule text stand in backticks. */

export function Spoken(props: { readonly text: string }) {
  return (
    <>
      {props.text
        .split(/`([^`]*)`/)
        .map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece))}
    </>
  )
}
