/** What the command line takes from the environment besides the gateway's own settings. */
export interface CliConfig {
  readonly url: string | undefined
  readonly adminKey: string | undefined
  readonly accessKey: string | undefined
  readonly installationKey: string | undefined
}

export function loadCliConfig(env: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  return {
    url: env.SLUICE_URL || undefined,
    adminKey: env.SLUICE_ADMIN_KEY?.trim() || undefined,
    accessKey: env.SLUICE_ACCESS_KEY?.trim() || undefined,
    installationKey: env.SLUICE_INSTALLATION_KEY?.trim() || undefined,
  }
}
