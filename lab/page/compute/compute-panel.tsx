export function ComputePanel() {
  return null;
}
