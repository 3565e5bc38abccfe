-- Upper end of the 95 % interval of a share, 0 to 1; see share_low.
(part, whole) as
least(
    1.0,
    (part + 1.9207294405 + 1.959964 * sqrt(part * (1 - part / nullif(whole, 0)) + 0.96036472025)) / nullif(whole + 3.841458881, 0)
)
