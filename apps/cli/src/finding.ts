/** One thing that `doctor` looked at. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'fault'
  /** What is so, and where it is not good, what to do. */
  readonly text: string
}

export const good = (text: string): Finding => ({ state: 'good', text })
export const warning = (text: string): Finding => ({ state: 'warning', text })
export const fault = (text: string): Finding => ({ state: 'fault', text })
