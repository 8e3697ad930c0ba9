mod consts {
    pub static GAIN: f64 = 2.0;
    static HIDDEN: f64 = 1.0;
}
static VIEW: ArrayView1<f64> = 1.0;
static WRONG: f64 = 1;
static ZERO: i32 = 1 / (1 - 1);
static NEEDS: f64 = consts::GAIN;
const DERIVED: f64 = consts::GAIN * 2.0;

fn assigns(x: i32) -> f64 {
    consts::GAIN = 3.0;
    consts::GAIN += 1.0;
    match x { ZERO => 1.0, _ => consts::HIDDEN }
}
