-- Lower end of the 95 % interval of a count of events, never of a stock: exact (Garwood) up to 20, then
-- Byar's approximation, within 0.01 (Breslow and Day, Statistical Methods in Cancer Research II, 1987).
(n) as
case
    when n <= 20 then ([
        0.000, 0.025, 0.242, 0.619, 1.090, 1.623, 2.202, 2.814, 3.454, 4.115, 4.795,
        5.491, 6.201, 6.922, 7.654, 8.395, 9.145, 9.903, 10.668, 11.439, 12.217
    ])[cast(n as integer) + 1]
    else n * pow(1 - 1 / (9 * n) - 1.959964 / (3 * sqrt(n)), 3)
end
