fn a() {
    let b = "text";
    let c = 'c';
    let d = 'é';
    let e = b"bytes";
    let f = c"text";
    let g = 340282366920938463463374607431768211456;
    let h = 1i128;
    let i = 1.5i32;
    let j = 1u9;
    let k = 0b1f32;
    let l = 1e;
}
