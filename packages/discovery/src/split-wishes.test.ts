import { expect, test } from 'vitest'
import { splitWishes } from './split-wishes.ts'

test.each([
  ['list the pods, read their logs and delete one pod', ['list the pods', 'read their logs', 'delete one pod']],
  ['show calories, proteins, fats and sugars of an apple', ['show calories, proteins, fats, sugars of an apple']],
  ['Skip this track. Set the volume to 60', ['Skip this track.', 'Set the volume to 60']],
  [
    'Assess the efficiency of the machines in the eastern plant by retrieving consumption patterns of them',
    ['Assess the efficiency of the machines in the eastern plant', 'retrieving consumption patterns of them'],
  ],
])('%j', (text, wishes) => {
  expect(splitWishes(text)).toEqual(wishes)
})

test('of a text that asks for very much the first wishes are taken apart', () => {
  expect(splitWishes('Get the user. '.repeat(70))).toHaveLength(12)
})
