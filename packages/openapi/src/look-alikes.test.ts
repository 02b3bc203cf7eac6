import { expect, test } from 'vitest'
import { createLookAlikes } from './look-alikes.ts'

test.each<[string, string[], string[], Array<[string, string]>]>([
  ['a digit for a letter', ['send_emai1'], ['send_email'], [['send_emai1', 'send_email']]],
  ['i for l', ['send_emaii'], ['send_email'], [['send_emaii', 'send_email']]],
  ['rn for m', ['get_iterns'], ['get_items'], [['get_iterns', 'get_items']]],
  ['two new ones', ['list_o', 'list_0'], [], [['list_0', 'list_o']]],
  ['the same name is no look-alike', ['list'], ['list'], []],
  ['others', ['get_order', 'get_orders', 'get_v1', 'get_v2'], ['list_orders'], []],
])('S30 %s', (_name, added, present, want) => {
  for (const slice of [1, 10]) {
    const alike = createLookAlikes()
    alike.present(present)
    const parts = Array.from({ length: added.length }, (_none, n) => added.slice(n * slice, (n + 1) * slice))
    expect(parts.flatMap(alike.among).map(({ name, other }) => [name, other])).toEqual(want)
  }
})
