import { randomUUID } from 'node:crypto'
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { type FinishedCall, type Observe, TIMED_STAGES } from '@sluice/contract'
import { spanIdOf, upstreamSpanIdOf } from './mcp/trace-call.ts'
import { VERSION } from './version.ts'

/** Traces and metrics of calls, sent over OTLP. The only door to OpenTelemetry, opened where it is configured. */
export interface Telemetry {
  readonly observe: Observe
  /** Sends what was not sent yet, for a moment. */
  readonly close: () => Promise<void>
}

export interface TelemetryTarget {
  /** Base URL of a collector: `/v1/traces` and `/v1/metrics` are below it. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
}

const CLOSE_MS = 2_000

export function startTelemetry({ endpoint, headers, serviceName }: TelemetryTarget): Telemetry {
  // What several processes count would be taken for what one does.
  const instance = { 'service.instance.id': randomUUID() }
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.version': VERSION, ...instance })
  const to = (path: string) => ({ url: `${endpoint.replace(/\/+$/, '')}/v1/${path}`, headers: { ...headers } })
  // A span is made when its call has ended, with the ids that were told to others meanwhile.
  const ids = { traceId: '', spanId: '' }
  const tracers = new TracerProvider({
    resource,
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(to('traces')) })],
  })
  const meters = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(to('metrics')) })],
  })
  const tracer = tracers.getTracer('sluice', VERSION)
  const count = countCalls(meters)
  const tell = (call: FinishedCall) => {
    count(call)
    if (!call.trace?.isSampled) return
    const { traceId, parentSpan } = call.trace
    const end = call.at + call.ms
    Object.assign(ids, { traceId, spanId: spanIdOf(call.callId) })
    const span = tracer.startSpan(
      `tools/call ${call.tool}`,
      { kind: SpanKind.SERVER, startTime: call.at, attributes: attributesOf(call) },
      below(traceId, parentSpan),
    )
    if (call.outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: call.outcome })
    tellRequest(call, traceId)
    span.end(end)
  }
  /** The request to the API, with all its repeats. */
  function tellRequest(call: FinishedCall, traceId: string): void {
    const ms = call.stages?.upstream
    if (ms === undefined) return
    const began = call.at + (call.stages?.arguments ?? 0) + (call.stages?.request ?? 0)
    ids.spanId = upstreamSpanIdOf(call.callId)
    const attributes = {
      ...(call.status === undefined ? {} : { 'http.response.status_code': call.status }),
      ...(call.retries === undefined ? {} : { 'http.request.resend_count': call.retries }),
    }
    tracer
      .startSpan(
        'upstream',
        { kind: SpanKind.CLIENT, startTime: began, attributes },
        below(traceId, spanIdOf(call.callId)),
      )
      .end(began + ms)
  }
  return {
    observe: (observation) => {
      if (observation.kind === 'call.finished') tell(observation)
    },
    close: async () => {
      const sent = Promise.allSettled([tracers.shutdown(), meters.shutdown()])
      await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
    },
  }
}

function below(traceId: string, spanId: string | undefined): Context {
  if (spanId === undefined) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true })
}

/** What may be known of a call outside: no argument and no answer. */
function attributesOf(call: FinishedCall) {
  const { stages = {}, tokens } = call
  return {
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.tool,
    'sluice.call': call.callId,
    'sluice.workspace': call.workspaceId,
    'sluice.server': call.server,
    'sluice.road': call.road,
    'sluice.outcome': call.outcome,
    'sluice.client': call.client,
    'sluice.bytes': call.bytes,
    ...(call.cache === undefined ? {} : { 'sluice.cache': call.cache }),
    ...(tokens === undefined ? {} : { 'sluice.tokens.raw': tokens.raw, 'sluice.tokens.sent': tokens.sent }),
    ...Object.fromEntries(
      TIMED_STAGES.flatMap((stage) =>
        stages[stage] === undefined ? [] : [[`sluice.stage.${stage}_ms`, stages[stage]]],
      ),
    ),
  }
}

/** As `/metrics` has them. */
function countCalls(meters: MeterProvider): (call: FinishedCall) => void {
  const meter = meters.getMeter('sluice', VERSION)
  const calls = meter.createCounter('sluice.calls', { description: 'Calls of tools that ended, by how.' })
  const durations = meter.createHistogram('sluice.call.duration', { unit: 's', description: 'How long calls took.' })
  const tokens = meter.createCounter('sluice.tokens', { description: 'What APIs answered, and what was shown of it.' })
  return ({ server, road, outcome, ms, tokens: cost }) => {
    calls.add(1, { server, road, outcome })
    durations.record(ms / 1000, { server })
    if (!cost) return
    tokens.add(cost.raw, { server, of: 'answered' })
    tokens.add(cost.sent, { server, of: 'shown' })
  }
}
