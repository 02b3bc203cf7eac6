/** jmespath's syntax tree. */
export type FilterNode =
  | { readonly type: 'Field'; readonly name: string }
  | { readonly type: 'Literal'; readonly value: unknown }
  | { readonly type: 'Identity' | 'Current' }
  | { readonly type: 'Index'; readonly value: number }
  | { readonly type: 'Slice'; readonly children: ReadonlyArray<number | null> }
  | {
      readonly type: 'MultiSelectHash'
      readonly children: ReadonlyArray<{ readonly name: string; readonly value: FilterNode }>
    }
  | { readonly type: 'Function' | 'Comparator'; readonly name: string; readonly children: readonly FilterNode[] }
  | {
      readonly type:
        | 'Subexpression'
        | 'IndexExpression'
        | 'Pipe'
        | 'Projection'
        | 'ValueProjection'
        | 'FilterProjection'
        | 'Flatten'
        | 'MultiSelectList'
        | 'AndExpression'
        | 'OrExpression'
        | 'NotExpression'
        | 'ExpressionReference'
      readonly children: readonly FilterNode[]
    }

declare module 'jmespath' {
  /** Exported by the package; its types do not know it. */
  export function compile(expression: string): FilterNode
}
