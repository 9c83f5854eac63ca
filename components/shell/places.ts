import { Activity, BookOpen, type LucideIcon, PlugZap, Rows3, Server, UsersRound } from 'lucide-react'

export type Place = { href: string; label: string; icon: LucideIcon; keys: string }

/** The pages in the menu, in its order. `keys` is pressed after `g`. */
export const places: readonly Place[] = [
  { href: '/', label: 'Overview', icon: Activity, keys: 'o' },
  { href: '/topics', label: 'Topics', icon: Rows3, keys: 't' },
  { href: '/groups', label: 'Groups', icon: UsersRound, keys: 'g' },
  { href: '/brokers', label: 'Brokers', icon: Server, keys: 'b' },
  { href: '/clients', label: 'Clients', icon: PlugZap, keys: 'c' },
]

export const apiPlace: Place = { href: '/api-docs', label: 'API', icon: BookOpen, keys: 'a' }

/** Whether `pathname` lies on the page of `href`. */
export function isAt(pathname: string, href: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
