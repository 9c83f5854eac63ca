/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Types are checked once, for the whole repository, by `npm run verify`.
  typescript: { ignoreBuildErrors: true },
}
