/**
 * Sluice's mark: three dots on a line, the middle one passing a gate.
 *
 * @param {object} props
 * @param {number} [props.size]
 */
export function Mark({ size = 28 }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M2 20h28" stroke="var(--accent)" strokeWidth="2" fill="none" />
      <path
        d="M11 15V4h10v11"
        stroke="currentColor"
        strokeWidth="2.5"
        fill="none"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {[5, 16, 27].map((x) => (
        <circle key={x} cx={x} cy={20} r={3.5} fill="var(--accent)" />
      ))}
    </svg>
  );
}
