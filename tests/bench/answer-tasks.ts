/** What an agent wants to know, the recorded answer that tells it, and the fields that it needs of that answer. */
export interface AnswerTask {
  readonly wanted: string
  /** The API's file in the corpus of responses. */
  readonly api: string
  /** The request; of several answers that were recorded, the longest is meant. */
  readonly op: string
  /** As `fields` of a proposed filter: names joined by dots, `[]` after one that is a list. */
  readonly fields: readonly string[]
}

/**
 * Labelled by hand before anything was measured: lists and nested details, as people ask of them. An identifier is a field
 * only where the next step needs it.
 */
export const ANSWER_TASKS: readonly AnswerTask[] = [
  {
    wanted: 'Which versions of PostgreSQL can I have, and which is the default?',
    ...{ api: 'digitalocean', op: 'GET /v2/databases/options' },
    fields: ['options.pg.versions', 'options.pg.default_version'],
  },
  {
    wanted: 'Which of my droplets are running, and at which addresses?',
    ...{ api: 'digitalocean', op: 'GET /v2/droplets' },
    fields: [
      'droplets[].name',
      'droplets[].status',
      'droplets[].networks.v4[].ip_address',
      'droplets[].networks.v4[].type',
    ],
  },
  {
    wanted: 'Which apps do I run, where are they live, and in which region?',
    ...{ api: 'digitalocean', op: 'GET /v2/apps' },
    fields: ['apps[].spec.name', 'apps[].live_url', 'apps[].region.slug'],
  },
  {
    wanted: 'How far is the newest deployment of this app?',
    ...{ api: 'digitalocean', op: 'GET /v2/apps/{app_id}/deployments' },
    fields: [
      'deployments[].phase',
      'deployments[].cause',
      'deployments[].progress.pending_steps',
      'deployments[].progress.total_steps',
    ],
  },
  {
    wanted: 'What does an instance with at least 1 GB of memory cost a month?',
    ...{ api: 'digitalocean', op: 'GET /v2/apps/tiers/instance_sizes' },
    fields: ['instance_sizes[].slug', 'instance_sizes[].memory_bytes', 'instance_sizes[].usd_per_month'],
  },
  {
    wanted: 'Are all nodes of my Kubernetes clusters up?',
    ...{ api: 'digitalocean', op: 'GET /v2/kubernetes/clusters' },
    fields: [
      'kubernetes_clusters[].name',
      'kubernetes_clusters[].node_pools[].name',
      'kubernetes_clusters[].node_pools[].nodes[].status.state',
    ],
  },
  {
    wanted: 'Which versions of Kubernetes can I create a cluster with?',
    ...{ api: 'digitalocean', op: 'GET /v2/kubernetes/options' },
    fields: ['options.versions[].slug'],
  },
  {
    wanted: 'Which droplets are behind each load balancer?',
    ...{ api: 'digitalocean', op: 'GET /v2/load_balancers' },
    fields: ['load_balancers[].name', 'load_balancers[].ip', 'load_balancers[].droplet_ids'],
  },
  {
    wanted: 'Is the database ready, and of which version?',
    ...{ api: 'digitalocean', op: 'GET /v2/databases/{database_cluster_uuid}' },
    fields: ['database.name', 'database.status', 'database.engine', 'database.semantic_version'],
  },
  {
    wanted: 'Which droplet does this floating IP lead to?',
    ...{ api: 'digitalocean', op: 'GET /v2/floating_ips/{floating_ip}' },
    fields: ['floating_ip.ip', 'floating_ip.droplet.id', 'floating_ip.droplet.name'],
  },
  {
    wanted: 'Which networks does Docker have, by which driver and with which subnets?',
    ...{ api: 'docker-engine', op: 'GET /networks' },
    fields: ['[].Name', '[].Driver', '[].IPAM.Config[].Subnet'],
  },
  {
    wanted: 'Which layers make this image large?',
    ...{ api: 'docker-engine', op: 'GET /images/{name}/history' },
    fields: ['[].CreatedBy', '[].Size'],
  },
  {
    wanted: 'Which special events cost less than 20?',
    ...{ api: 'museum', op: 'GET /special-events' },
    fields: ['[].name', '[].price'],
  },
  {
    wanted: 'Who can open the shared link of this file, and until when?',
    ...{ api: 'box', op: 'GET /files/{file_id}#get_shared_link' },
    fields: ['shared_link.url', 'shared_link.effective_access', 'shared_link.unshared_at'],
  },
  {
    wanted: 'Who are the admins of the workspace, and what is their address?',
    ...{ api: 'slack', op: 'GET /users.list' },
    fields: ['members[].name', 'members[].is_admin', 'members[].profile.email'],
  },
  {
    wanted: 'Which files were shared, by whom, and how large are they?',
    ...{ api: 'slack', op: 'GET /files.list' },
    fields: ['files[].name', 'files[].user', 'files[].size'],
  },
  {
    wanted: 'In which channels could I ask, and how many read there?',
    ...{ api: 'slack', op: 'GET /conversations.list' },
    fields: ['channels[].id', 'channels[].name', 'channels[].num_members'],
  },
  {
    wanted: 'Who said what about the meaning of life, and in which channel?',
    ...{ api: 'slack', op: 'GET /search.messages' },
    fields: ['messages.matches[].username', 'messages.matches[].text', 'messages.matches[].channel.name'],
  },
  {
    wanted: 'Which groups of users are there, and how many are in each?',
    ...{ api: 'slack', op: 'GET /usergroups.list' },
    fields: ['usergroups[].handle', 'usergroups[].user_count'],
  },
  {
    wanted: 'Which of the last calls were not completed, and to whom were they?',
    ...{ api: 'twilio-api-v2010', op: 'GET /2010-04-01/Accounts/{AccountSid}/Calls.json' },
    fields: ['calls[].to', 'calls[].status', 'calls[].duration'],
  },
  {
    wanted: 'Which conferences are in progress?',
    ...{ api: 'twilio-api-v2010', op: 'GET /2010-04-01/Accounts/{AccountSid}/Conferences.json' },
    fields: ['conferences[].sid', 'conferences[].friendly_name', 'conferences[].status'],
  },
  {
    wanted: 'Were my last messages delivered?',
    ...{ api: 'twilio-api-v2010', op: 'GET /2010-04-01/Accounts/{AccountSid}/Messages.json' },
    fields: ['messages[].to', 'messages[].status', 'messages[].error_code'],
  },
  {
    wanted: 'What did this account use, and what does it cost?',
    ...{ api: 'twilio-api-v2010', op: 'GET /2010-04-01/Accounts/{AccountSid}/Usage/Records.json' },
    fields: [
      'usage_records[].category',
      'usage_records[].usage',
      'usage_records[].price',
      'usage_records[].price_unit',
    ],
  },
  {
    wanted: 'Who is muted in this conference?',
    ...{
      api: 'twilio-api-v2010',
      op: 'GET /2010-04-01/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants.json',
    },
    fields: ['participants[].call_sid', 'participants[].muted'],
  },
  {
    wanted: 'Which invoices are not paid, and when are they due?',
    ...{ api: 'xero-accounting', op: 'GET /Invoices' },
    fields: ['Invoices[].InvoiceNumber', 'Invoices[].AmountDue', 'Invoices[].DueDateString'],
  },
  {
    wanted: 'Which customers owe us money that is overdue?',
    ...{ api: 'xero-accounting', op: 'GET /Contacts' },
    fields: ['Contacts[].Name', 'Contacts[].Balances.AccountsReceivable.Overdue'],
  },
  {
    wanted: 'Which purchase orders are open, with whom and for how much?',
    ...{ api: 'xero-accounting', op: 'GET /PurchaseOrders' },
    fields: [
      'PurchaseOrders[].PurchaseOrderNumber',
      'PurchaseOrders[].Contact.Name',
      'PurchaseOrders[].Status',
      'PurchaseOrders[].Total',
    ],
  },
  {
    wanted: 'Which bank transactions are not reconciled?',
    ...{ api: 'xero-accounting', op: 'GET /BankTransactions' },
    fields: [
      'BankTransactions[].BankAccount.Name',
      'BankTransactions[].DateString',
      'BankTransactions[].Total',
      'BankTransactions[].IsReconciled',
    ],
  },
  {
    wanted: 'Which accounts did the last journals move money between?',
    ...{ api: 'xero-accounting', op: 'GET /Journals' },
    fields: [
      'Journals[].JournalNumber',
      'Journals[].JournalLines[].AccountName',
      'Journals[].JournalLines[].NetAmount',
    ],
  },
  {
    wanted: 'What does the trial balance say?',
    ...{ api: 'xero-accounting', op: 'GET /Reports/TrialBalance' },
    fields: ['Reports[].Rows[].Title', 'Reports[].Rows[].Cells[].Value', 'Reports[].Rows[].Rows[].Cells[].Value'],
  },
]
