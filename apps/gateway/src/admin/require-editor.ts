import { type Admin, Problem } from '@sluice/contract'

/** @throws Problem `role-required` */
export function requireEditor(admin: Admin): void {
  if (admin.role === 'viewer')
    throw new Problem('role-required', { detail: 'A viewer’s key reads only; this needs an editor’s or an owner’s.' })
}
