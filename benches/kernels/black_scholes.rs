use brolga::prelude::*;

/// The distribution function of the normal distribution, to about 1e-7 (Abramowitz and Stegun,
/// 26.2.17).
fn normal_cdf(d: f64) -> f64 {
    let k = 1.0 / (1.0 + 0.2316419 * d.abs());
    let poly = k
        * (0.319381530
            + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    let tail = 0.398_942_280_401_432_7 * (-0.5 * d * d).exp() * poly;
    if d > 0.0 { 1.0 - tail } else { tail }
}

/// The prices of a European call and put.
#[vectorize]
pub fn black_scholes(spot: f64, strike: f64, years: f64, rate: f64, volatility: f64) -> (f64, f64) {
    let root = years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * years)
        / (volatility * root);
    let d2 = d1 - volatility * root;
    let discounted = strike * (-rate * years).exp();
    let (n1, n2) = (normal_cdf(d1), normal_cdf(d2));
    (
        spot * n1 - discounted * n2,
        discounted * (1.0 - n2) - spot * (1.0 - n1),
    )
}
