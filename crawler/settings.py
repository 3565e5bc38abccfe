"""
The crawl's settings: Scrapy's that we change, each with the reason, then our own, with units.

Nothing here can be set to disobey robots.txt, skip TLS checks or hide the user agent.
"""

# ── Scrapy ───────────────────────────────────────────────────────────────────────────────────────

BOT_NAME = "vpoe"
SPIDER_MODULES = ["crawler.spiders"]
ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # 45 % more pages a second than the standard loop

DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default accepts any certificate
DOWNLOAD_MAXSIZE = 20 * 1024**2  # bytes, compressed and decompressed alike
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60  # seconds for a whole answer, however slowly it trickles
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection a host
DOWNLOAD_DELAY = 0  # hosts are paced by crawler.night.Host.turn, whatever sources share them

DOWNLOADER_MIDDLEWARES = {
    # Scrapy's own let disallowed requests through, allow on 5xx, ignore Crawl-delay, Retry-After,
    # and take what a cut gzip unpacked to for the whole.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.reservations.OptOutMiddleware": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.reservations.ReservationMiddleware": 110,
    "crawler.politeness.RetryMiddleware": 550,
    "crawler.politeness.RedirectMiddleware": 600,
    "crawler.politeness.BudgetMiddleware": 900,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # No sessions, no logins, no HTML redirects, no proxies, no statistics that nobody reads.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}
ITEM_PIPELINES = {
    "crawler.item_pipelines.SnapshotPipeline": 100,
    "crawler.item_pipelines.StorePipeline": 200,
}
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False  # an open port to a Python prompt
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
LOG_ENABLED = False  # the caller sets up logging once, for all crawls of the process
DEFAULT_REQUEST_HEADERS = {"Accept-Language": "en, ja;q=0.9", "Accept-Encoding": "gzip"}

# ── ours ─────────────────────────────────────────────────────────────────────────────────────────

BOARD_SECONDS = 30 * 60  # a board's night; what isn't read by then waits for the next one
BOARD_REQUESTS = 1_500  # of a board's night, robots.txt, redirects and retries included
BOARD_BYTES = 200 * 1024**2  # as sent, of a board's night
BOARD_PAGES = 500  # list pages of a board
OPEN_BOARDS = 64  # boards read at the same time, each on a host of its own

DELAY = 1.25  # seconds; with the jitter 1.0 to 1.5 between two requests to a host
DELAY_JITTER = 0.2  # share of the delay, both ways
REDIRECTS = 10  # hops of one request
ROBOTS_REDIRECTS = 5  # hops; RFC 9309 2.3.1.2
ROBOTS_BYTES = 500 * 1024  # what is read of a robots.txt; RFC 9309 2.5
ROBOTS_AGE = 24 * 3600  # seconds until a robots.txt is fetched again
CRAWL_DELAY_MAX = 60  # seconds; a host that asks for more is left for tonight

RETRIES = 2  # of one request
RETRY_BACKOFF = 2.0  # seconds before the first retry, doubled for each further one
RETRY_AFTER_MAX = 3600  # seconds; a host that asks for more is left for tonight
BREAKER_RUN = 5  # failures in a row that leave a host for tonight
BREAKER_REQUESTS, BREAKER_SHARE = 20, 0.5  # or this share of at least so many requests

GROUP_SECONDS = 0.5  # in which boards that were read wait for others, to share a transaction
GROUP_BOARDS, GROUP_BYTES = 20, 8 * 1024**2  # as many, or their bodies so large, wait no longer

STALE_NIGHTS = 14  # on which a board sends one body: a cache may be stuck (method 3.3)

INVALID_SHARE_MAX = 0.02  # of a board's rows; above, the night is `partial` (method 2.1)
BODY_DAYS = 90  # kept bodies, for replaying a parser fix (method 4)

ENABLED_SOURCES: frozenset[str] = frozenset()  # `off` sources that you have leave to read
LICENSED_SOURCES: frozenset[str] = frozenset()  # whose reserved texts you have leave to mine
