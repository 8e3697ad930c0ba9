use brolga::prelude::*;
use ndarray::{ArrayView2, Array2};
use ndarray::ArrayView1 as Row;
use std::f64::consts::{self, PI, TAU as T};
use std::f64::consts::*;
use std::collections::HashMap;
use super::*;
use num_traits;
