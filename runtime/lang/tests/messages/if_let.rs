fn a(x: i32) -> i32 {
    if let 1 = x { return 2; }
    while let 3 = x {}
    if x > 1 && let 4 = x { return 5; }
    x
}
