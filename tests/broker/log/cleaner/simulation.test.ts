import { expect, test } from 'vitest'
import { CleanerSimulation } from './cleaner-simulation.ts'

const seeds = Number(process.env.SIMULATION_SEEDS ?? 25)
const firstSeed = Number(process.env.SIMULATION_FIRST_SEED ?? 1)

test('a compacted log is what was committed, less what newer records replace', async () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const run = new CleanerSimulation(seed)
    for (let round = 0; round < 6; round++) {
      const steps = Math.floor(run.random() * 40)
      for (let step = 0; step < steps; step++) run.step()
      const producers = run.producers()
      await run.cleaner.clean()
      expect(run.cleaner.failures, `seed ${seed}`).toEqual([])
      run.check(`seed ${seed}, round ${round}`)
      run.checkUnique(`seed ${seed}, round ${round}`)
      expect(run.producers(), `seed ${seed}`).toEqual(producers)
      const dice = run.random()
      if (dice < 0.3) run.logs.reopen()
      else if (dice < 0.6) run.logs.kill()
      run.check(`seed ${seed}, round ${round}, opened again`)
      expect(run.producers(), `seed ${seed}, opened again`).toEqual(producers)
    }
  }
}, 60_000)

test('whatever the moment of a power cut in a cleaning, nothing that was flushed is lost or undone', async () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const run = new CleanerSimulation(seed)
    for (let round = 0; round < 5; round++) {
      for (let step = 0; step < 30; step++) run.step()
      const producers = run.producers()
      await run.crashWhileCleaning(Math.floor(run.random() ** 2 * 150))
      run.check(`seed ${seed}, round ${round}`)
      expect(run.producers(), `seed ${seed}, round ${round}`).toEqual(producers)
      const names = run.logs.disk.readdir('/data/t-0').map(({ name }) => name)
      expect(names.filter((name) => /\.(swap|cleaned|deleted)$/.test(name))).toEqual([])
    }
    await run.cleaner.clean()
    run.check(`seed ${seed}, cleaned at last`)
    run.checkUnique(`seed ${seed}, cleaned at last`)
  }
}, 60_000)
