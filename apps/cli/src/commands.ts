import type { AnyCommand } from './command.ts'
import { adminKeyCommands } from './verbs/admin-key.ts'
import { applyCommand, diffCommand } from './verbs/apply.ts'
import { auditCommands } from './verbs/audit.ts'
import { backupCommand, restoreCommand } from './verbs/backup.ts'
import { callCommand } from './verbs/call.ts'
import { checkCommand } from './verbs/check.ts'
import { completionCommand } from './verbs/completion.ts'
import { compositeCommands } from './verbs/composites.ts'
import { connectCommand } from './verbs/connect.ts'
import { credentialCommands } from './verbs/credential.ts'
import { doctorCommand } from './verbs/doctor.ts'
import { exportCommand } from './verbs/export.ts'
import { importCommand } from './verbs/import.ts'
import { issuerCommands } from './verbs/issuer.ts'
import { accessKeyCommands } from './verbs/key.ts'
import { masterKeyCommands } from './verbs/keys.ts'
import { logsCommand } from './verbs/logs.ts'
import { operationCommands } from './verbs/operations.ts'
import { promptCommands } from './verbs/prompts.ts'
import { resourceCommands } from './verbs/resources.ts'
import { secretCommands } from './verbs/secret.ts'
import { serveCommand } from './verbs/serve.ts'
import { serverCommands } from './verbs/servers.ts'
import { startCommand } from './verbs/start.ts'
import { statsCommand } from './verbs/stats.ts'
import { stdioCommand } from './verbs/stdio.ts'
import { toolCommands } from './verbs/tools.ts'
import { upstreamCommands } from './verbs/upstreams.ts'
import { workspaceCommands } from './verbs/workspaces.ts'

/** Every command, as the help shows them. */
export function commands(): ReadonlyArray<{ readonly title: string; readonly members: readonly AnyCommand[] }> {
  return [
    { title: 'A document, without storing anything', members: [serveCommand(), checkCommand(), stdioCommand()] },
    {
      title: 'The gateway',
      members: [
        startCommand(),
        doctorCommand(),
        logsCommand(),
        statsCommand(),
        auditCommands(),
        workspaceCommands(),
        backupCommand(),
        restoreCommand(),
      ],
    },
    {
      title: 'What it serves',
      members: [
        importCommand(),
        upstreamCommands(),
        operationCommands(),
        toolCommands(),
        serverCommands(),
        resourceCommands(),
        promptCommands(),
        compositeCommands(),
        callCommand(),
        connectCommand(),
      ],
    },
    { title: 'A folder in git', members: [exportCommand(), diffCommand(), applyCommand()] },
    {
      title: 'Keys and secrets',
      members: [
        accessKeyCommands(),
        issuerCommands(),
        credentialCommands(),
        secretCommands(),
        adminKeyCommands(),
        masterKeyCommands(),
      ],
    },
    { title: 'The shell', members: [completionCommand()] },
  ]
}
