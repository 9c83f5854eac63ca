// Says that Node has reached the first line of a program, and stays until it has been measured.
import { writeSync } from 'node:fs'

writeSync(1, 'up\n')
process.stdin.resume()
