import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Papa from 'papaparse'
import { z } from 'zod'

export type Place = { iata: string; name: string; city: string; latitude: number; longitude: number }
export type Flight = { date: string; delay: number; distance: number; origin: Place; destination: Place }

const flightRow = z.object({
  date: z.string(),
  delay: z.number(),
  distance: z.number(),
  origin: z.string(),
  destination: z.string(),
})

/** 20,000 real flights within the USA of 2001 in order of departure, with the airports' names and places. */
export async function loadFlights(): Promise<Flight[]> {
  const entry = fileURLToPath(import.meta.resolve('vega-datasets'))
  const data = entry.replace(/build[\\/][^\\/]+$/, 'data')
  const [flights, airports] = await Promise.all([
    readFile(`${data}/flights-20k.json`, 'utf8'),
    readFile(`${data}/airports.csv`, 'utf8'),
  ])
  const places = placesOf(airports)
  const place = (iata: string) =>
    places.get(iata) ?? { iata, name: iata, city: '', latitude: 0, longitude: 0 }
  return z
    .array(flightRow)
    .parse(JSON.parse(flights))
    .map((row) => ({ ...row, origin: place(row.origin), destination: place(row.destination) }))
}

function placesOf(csv: string): Map<string, Place> {
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true })
  return new Map(
    data.map((row) => {
      const iata = row.iata ?? ''
      const { name = '', city = '', latitude, longitude } = row
      return [iata, { iata, name, city, latitude: Number(latitude), longitude: Number(longitude) }] as const
    }),
  )
}
