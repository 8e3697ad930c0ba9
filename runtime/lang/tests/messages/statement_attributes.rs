fn a(x: i32) -> i32 {
    #[cfg(debug)]
    let y = 1;
    #[unroll]
    for i in 0..3 {}
    match x { #[hot] 1 => 2, _ => 3 }
}
