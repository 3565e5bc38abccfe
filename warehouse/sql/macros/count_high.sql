-- Upper end of the 95 % interval of a count of events; see count_low.
(n) as
case
    when n <= 20 then ([
        3.689, 5.572, 7.225, 8.767, 10.242, 11.668, 13.059, 14.423, 15.763, 17.085,
        18.390, 19.682, 20.962, 22.230, 23.490, 24.740, 25.983, 27.219, 28.448, 29.671,
        30.888
    ])[cast(n as integer) + 1]
    else (n + 1) * pow(1 - 1 / (9 * (n + 1)) + 1.959964 / (3 * sqrt(n + 1)), 3)
end
