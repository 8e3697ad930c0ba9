fn a(x: f64) {
    println!("{}", x);
    vec![1, 2];
    matches!(x, 1.0);
    pannic!("no");
    something!();
    panic!("value {}", x);
    panic!("value {x}");
    panic!(x);
    panic!("text", x);
    assert!();
    assert_eq!(x);
    assert!(x > 0.0, "must be {}", "positive");
    debug_assert!(x > , 1);
}
