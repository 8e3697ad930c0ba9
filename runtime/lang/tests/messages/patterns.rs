fn a(x: i32, v: ArrayView1<i32>) -> i32 {
    let [p, q] = v;
    let Some(y) = x else { return 0 };
    let ref r = x;
    for &mut s in v {}
    match x {
        Point { x, .. } => 1,
        'a'..='z' => 2,
        "text" => 3,
        -1 | 1..=5 => 4,
        other!() => 5,
        _ => 6,
    }
}
