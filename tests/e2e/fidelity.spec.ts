import { expect, rows, stat, test } from './fixtures.ts'

// What only the broker in this process can tell is marked exact there, and an estimate or absent elsewhere.
test('figures are exact on the embedded broker, and say that they are estimates elsewhere', async ({
  page,
  api,
  connect,
  unique,
  clusterKind,
}) => {
  const embedded = clusterKind === 'embedded'
  const topic = unique('known')
  const group = unique('knowing')
  await api('POST', '/topics', { name: topic, partitions: 2 })
  const client = connect('known-client')
  await client.produce(topic, [{ key: null, value: 'one', partition: 0 }])
  await client.consume(topic, group)
  await expect.poll(async () => (await client.received()).length).toBe(1)
  const main = page.getByRole('main')
  const word = main.getByText(embedded ? 'exact' : 'estimate', { exact: true }).first()
  const otherWord = main.getByText(embedded ? 'estimate' : 'exact', { exact: true })

  const pages = ['/', '/topics', `/topics/${topic}`, '/groups', `/groups/${group}`, '/brokers', '/clients']
  for (const path of pages) {
    await page.goto(path)
    await expect(word, path).toBeVisible()
    await expect(otherWord, path).toHaveCount(0)
  }
  await expect(rows(page, 'Clients', 'known-client').first()).toBeVisible()
  await expect(main.getByText(embedded ? /\d connections?/ : /\d group members?/).first()).toBeVisible()

  await page.goto('/')
  await expect(stat(page, 'Lag of all groups')).toBeVisible()
  await expect(stat(page, 'Bytes out')).toHaveCount(embedded ? 1 : 0)

  await page.goto(`/topics/${topic}?tab=storage`)
  const segments = page.getByRole('table', { name: 'Segments of partition 0' })
  if (embedded) await expect(segments).toBeVisible()
  else {
    await expect(main.getByText('does not tell of its segment files').first()).toBeVisible()
    await expect(segments).toHaveCount(0)
  }

  await page.goto(`/groups/${group}?tab=rebalances`)
  if (embedded) await expect(main.getByText('joined').first()).toBeVisible()
  await expect(otherWord).toHaveCount(0)
  await client.leave()
})
