fn a(x: i32) -> i32 {
    unsafe { f(x) };
    let b = [1, 2, 3];
    let c = [0.0; 8];
    let d = Point { x: 1, y: 2 };
    let e = x?;
    let f = async { 1 };
    let g = x.await;
    let h = const { 1 };
    let i = &raw const x;
    (_, k) = x;
    let j = <T as Number>::zero();
    let k = self::a(1);
    let l = Vec::<i32>::new();
    let m = loop { yield 1 };
    x
}
