//! The arguments of `#[vectorize(..)]`, `#[guvectorize("..", ..)]` and `#[jit(..)]`, from
//! tokens: the same for kernel files and for `brolga-macros`. Whether they fit the function
//! below them is the checker's affair.
//!
//! `cache = false` and the like need a value; `fastmath`, `associative` and `parallel` stand
//! for `= true` alone.

use brolga_abi::{DType, GufuncSignature, Identity, KernelKind, KernelOptions, Target};
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, Lit, LitStr, Token};

use crate::ir::Scalar;

/// The names of the attributes.
pub const KINDS: [&str; 3] = ["vectorize", "guvectorize", "jit"];

/// The options of `vectorize` and `guvectorize`.
const UFUNC_OPTIONS: [&str; 6] = [
    "signatures",
    "identity",
    "associative",
    "target",
    "fastmath",
    "cache",
];

/// The options of `jit`.
const JIT_OPTIONS: [&str; 3] = ["parallel", "fastmath", "cache"];

/// How many signatures may be listed.
const MAX_SIGNATURES: usize = 1000;

/// A parsed attribute.
#[derive(Clone, Debug)]
pub struct ParsedAttribute {
    /// Which attribute, with the signature of a gufunc.
    pub kind: KernelKind,
    /// The options, with the defaults for those not given.
    pub options: KernelOptions,
    /// The place of a gufunc's signature.
    pub signature_span: Option<Span>,
    /// `options.signatures` as written.
    pub signatures: Vec<Stated>,
}

/// One of `signatures = [(f32, f32) -> f32, ..]`.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The types of the parameters' elements.
    pub params: Vec<StatedType>,
    /// The types after `->`, if any.
    pub results: Option<Vec<StatedType>>,
    /// Its place.
    pub span: Span,
}

/// An element type as it is written: `isize` is not `i64`, though its elements are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatedType {
    /// The type of the elements.
    pub dtype: DType,
    name: &'static str,
}

impl std::fmt::Display for StatedType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Why the arguments of an attribute are refused.
#[derive(Clone, Debug)]
pub struct AttributeError {
    /// Where; `None` is the attribute as a whole.
    pub span: Option<Span>,
    /// What was found and what was expected.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl std::fmt::Display for AttributeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for AttributeError {}

/// Parses what stands between the brackets of an attribute; nothing, if it has none.
///
/// # Errors
/// If `kind` is none of [`KINDS`], if an option is unknown, given twice or has the wrong kind
/// of value, or if a gufunc's signature is missing or malformed. The first error is given.
pub fn parse_attribute(
    kind: &str,
    arguments: TokenStream,
) -> Result<ParsedAttribute, AttributeError> {
    let kind = match kind {
        "vectorize" => KernelKind::Vectorize,
        "guvectorize" => KernelKind::Guvectorize(GufuncSignature {
            dims: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        }),
        "jit" => KernelKind::Jit { parallel: false },
        other => {
            return Err(AttributeError {
                span: None,
                message: format!("`{other}` is no kernel attribute"),
                help: Some(format!("the attributes are {}", quoted(&KINDS))),
            });
        }
    };
    let mut reader = Reader {
        parsed: ParsedAttribute {
            kind,
            options: KernelOptions::default(),
            signature_span: None,
            signatures: Vec::new(),
        },
        given: Vec::new(),
        error: None,
    };
    let result = (|input: ParseStream<'_>| reader.arguments(input)).parse2(arguments);
    match (result, reader.error) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(AttributeError {
            span: Some(error.span()),
            message: error.to_string(),
            help: None,
        }),
        (Ok(()), None) => Ok(reader.parsed),
    }
}

fn quoted(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

struct Reader {
    parsed: ParsedAttribute,
    given: Vec<String>,
    /// Our own error, which says more than syn's; then syn's is a dummy.
    error: Option<AttributeError>,
}

impl Reader {
    /// Keeps an error and gives one to syn that ends the parse.
    fn fail<T>(&mut self, span: Span, message: String, help: Option<String>) -> syn::Result<T> {
        let error = syn::Error::new(span, &message);
        self.error = Some(AttributeError {
            span: Some(span),
            message,
            help,
        });
        Err(error)
    }

    fn arguments(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if matches!(self.parsed.kind, KernelKind::Guvectorize(_)) {
            self.gufunc_signature(input)?;
        }
        while !input.is_empty() {
            self.option(input)?;
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>()?;
        }
        Ok(())
    }

    fn gufunc_signature(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let help = "write `#[guvectorize(\"(m,n),(n)->(m)\")]`";
        if input.is_empty() {
            self.error = Some(AttributeError {
                span: None,
                message: "`guvectorize` needs the signature of the gufunc".to_string(),
                help: Some(help.to_string()),
            });
            return Err(input.error("missing signature"));
        }
        if !input.peek(LitStr) {
            let message = "expected the signature of the gufunc in quotes".to_string();
            return self.fail(input.span(), message, Some(help.to_string()));
        }
        let literal: LitStr = input.parse()?;
        match GufuncSignature::parse(&literal.value()) {
            Ok(signature) => {
                self.parsed.kind = KernelKind::Guvectorize(signature);
                self.parsed.signature_span = Some(literal.span());
            }
            Err(error) => {
                let at = error.position();
                let token = literal.token();
                // Bytes of the value are bytes of the source only without escapes.
                let plain = token.to_string() == format!("\"{}\"", literal.value());
                let inside = match plain && at < literal.value().len() {
                    true => token.subspan(at + 1..at + 2),
                    false => None,
                };
                let span = inside.unwrap_or_else(|| literal.span());
                let message = format!("malformed signature of a gufunc: {}", error.message());
                return self.fail(span, message, Some(help.to_string()));
            }
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(())
    }

    fn option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let options: &[&str] = match self.parsed.kind {
            KernelKind::Vectorize | KernelKind::Guvectorize(_) => &UFUNC_OPTIONS,
            KernelKind::Jit { .. } => &JIT_OPTIONS,
        };
        if !input.peek(Ident::peek_any) {
            let message = "expected the name of an option".to_string();
            let help = format!("the options are {}", quoted(options));
            return self.fail(input.span(), message, Some(help));
        }
        let name = input.call(Ident::parse_any)?;
        let option = name.to_string();
        if !options.contains(&option.as_str()) {
            return self.unknown_option(&name, options);
        }
        if self.given.contains(&option) {
            let message = format!("the option `{option}` is given twice");
            return self.fail(name.span(), message, Some("remove one of them".to_string()));
        }
        self.given.push(option.clone());
        match option.as_str() {
            "signatures" => self.signatures(input, &name),
            "identity" => self.identity(input, &name),
            "target" => self.target(input, &name),
            "cache" => {
                self.equals(input, &name, "cache = false")?;
                self.parsed.options.cache = self.boolean(input, "cache = false")?;
                Ok(())
            }
            flag => {
                let value = match input.peek(Token![=]) {
                    true => {
                        input.parse::<Token![=]>()?;
                        self.boolean(input, flag)?
                    }
                    false => true,
                };
                match (flag, &mut self.parsed.kind) {
                    ("parallel", KernelKind::Jit { parallel }) => *parallel = value,
                    ("associative", _) => self.parsed.options.associative = value,
                    _ => self.parsed.options.fastmath = value,
                }
                Ok(())
            }
        }
    }

    fn unknown_option(&mut self, name: &Ident, options: &[&str]) -> syn::Result<()> {
        let text = name.to_string();
        let jit = matches!(self.parsed.kind, KernelKind::Jit { .. });
        let (message, help) = match text.as_str() {
            "checked" => (
                "the option `checked` is not supported".to_string(),
                "indices and divisors are always checked; integers wrap on overflow as in a \
                 release build"
                    .to_string(),
            ),
            "parallel" if !jit => (
                "`parallel` is an option of `jit` only".to_string(),
                "write `target = \"parallel\"`".to_string(),
            ),
            "target" if jit => (
                "`target` is no option of `jit`".to_string(),
                "write `parallel` and loop over `prange(..)`".to_string(),
            ),
            _ => (
                format!("unknown option `{text}`"),
                match crate::suggest::nearest(&text, options.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the options are {}", quoted(options)),
                },
            ),
        };
        self.fail(name.span(), message, Some(help))
    }

    fn equals(&mut self, input: ParseStream<'_>, name: &Ident, example: &str) -> syn::Result<()> {
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if !input.is_empty() {
                return Ok(());
            }
        }
        let message = format!("the option `{name}` needs a value");
        self.fail(name.span(), message, Some(format!("write `{example}`")))
    }

    fn boolean(&mut self, input: ParseStream<'_>, example: &str) -> syn::Result<bool> {
        if input.peek(syn::LitBool) {
            return Ok(input.parse::<syn::LitBool>()?.value);
        }
        let message = "expected `true` or `false`".to_string();
        self.fail(input.span(), message, Some(format!("write `{example}`")))
    }

    fn target(&mut self, input: ParseStream<'_>, name: &Ident) -> syn::Result<()> {
        let example = "target = \"parallel\"";
        self.equals(input, name, example)?;
        let (span, value) = match input.peek(LitStr) {
            true => {
                let literal: LitStr = input.parse()?;
                (literal.span(), literal.value())
            }
            false => (input.span(), String::new()),
        };
        self.parsed.options.target = match value.as_str() {
            "cpu" => Target::Cpu,
            "parallel" => Target::Parallel,
            _ => {
                let message = "expected `\"cpu\"` or `\"parallel\"`".to_string();
                return self.fail(span, message, Some(format!("write `{example}`")));
            }
        };
        Ok(())
    }

    fn identity(&mut self, input: ParseStream<'_>, name: &Ident) -> syn::Result<()> {
        self.equals(input, name, "identity = 0")?;
        let start = input.span();
        let negative = input.peek(Token![-]);
        if negative {
            input.parse::<Token![-]>()?;
        }
        let literal = match input.peek(Lit) {
            true => Some(input.parse::<Lit>()?),
            false => None,
        };
        let identity = match &literal {
            Some(Lit::Bool(value)) if !negative => Some(Identity::Bool(value.value)),
            Some(Lit::Int(value)) if value.suffix().is_empty() => value
                .base10_parse::<i128>()
                .ok()
                .and_then(|value| i64::try_from(if negative { -value } else { value }).ok())
                .map(Identity::Int),
            Some(Lit::Float(value)) if value.suffix().is_empty() => value
                .base10_parse::<f64>()
                .ok()
                .filter(|value| value.is_finite())
                .map(|value| Identity::FloatBits(if negative { -value } else { value }.to_bits())),
            _ => None,
        };
        match identity {
            Some(identity) => {
                self.parsed.options.identity = Some(identity);
                Ok(())
            }
            None => {
                let span = literal.as_ref().map_or(start, Lit::span);
                let message = "expected a number or a bool without a suffix".to_string();
                let help = "write `identity = 0`, `identity = 1.0` or `identity = true`; an \
                            integer must fit in `i64`";
                self.fail(span, message, Some(help.to_string()))
            }
        }
    }

    fn signatures(&mut self, input: ParseStream<'_>, name: &Ident) -> syn::Result<()> {
        let example = "signatures = [(f32, f32), (f64, f64)]";
        self.equals(input, name, example)?;
        if !input.peek(syn::token::Bracket) {
            let message = "expected a list of signatures in `[..]`".to_string();
            return self.fail(input.span(), message, Some(format!("write `{example}`")));
        }
        let list;
        let bracket = syn::bracketed!(list in input);
        while !list.is_empty() {
            let stated = self.signature(&list)?;
            let params: Vec<DType> = stated.params.iter().map(|s| s.dtype).collect();
            if self.parsed.options.signatures.contains(&params) {
                let message = "this signature is given twice".to_string();
                return self.fail(stated.span, message, Some("remove one of them".to_string()));
            }
            if self.parsed.signatures.len() == MAX_SIGNATURES {
                let message = format!("more than {MAX_SIGNATURES} signatures");
                return self.fail(stated.span, message, None);
            }
            self.parsed.options.signatures.push(params);
            self.parsed.signatures.push(stated);
            if list.is_empty() {
                break;
            }
            list.parse::<Token![,]>()?;
        }
        if self.parsed.signatures.is_empty() {
            let message = "the list of signatures is empty".to_string();
            return self.fail(
                bracket.span.join(),
                message,
                Some(format!("write `{example}`, or remove the option")),
            );
        }
        Ok(())
    }

    fn signature(&mut self, input: ParseStream<'_>) -> syn::Result<Stated> {
        let (params, span) = self.types(input)?;
        let mut stated = Stated {
            params,
            results: None,
            span,
        };
        if input.peek(Token![->]) {
            input.parse::<Token![->]>()?;
            let (results, end) = self.types(input)?;
            stated.results = Some(results);
            stated.span = span.join(end).unwrap_or(span);
        }
        Ok(stated)
    }

    /// `f64` or `(f64, Complex<f32>)`.
    fn types(&mut self, input: ParseStream<'_>) -> syn::Result<(Vec<StatedType>, Span)> {
        if !input.peek(syn::token::Paren) {
            let (ty, span) = self.element(input)?;
            return Ok((vec![ty], span));
        }
        let list;
        let paren = syn::parenthesized!(list in input);
        let mut types = Vec::new();
        while !list.is_empty() {
            types.push(self.element(&list)?.0);
            if list.is_empty() {
                break;
            }
            list.parse::<Token![,]>()?;
        }
        Ok((types, paren.span.join()))
    }

    fn element(&mut self, input: ParseStream<'_>) -> syn::Result<(StatedType, Span)> {
        let (span, found) = match input.peek(Ident::peek_any) {
            true => {
                let name = input.call(Ident::parse_any)?;
                (name.span(), name.to_string())
            }
            false => (input.span(), String::new()),
        };
        if found == "Complex" {
            return self.complex(input, span);
        }
        let others = [
            ("f16", DType::F16),
            ("bf16", DType::Bf16),
            ("Complex32", DType::ComplexF32),
            ("Complex64", DType::ComplexF64),
        ];
        let scalars = Scalar::ALL.into_iter().map(|s| (s.name(), s.dtype()));
        let mut known: Vec<(&'static str, DType)> = scalars.chain(others).collect();
        if let Some(&(name, dtype)) = known.iter().find(|(name, _)| *name == found) {
            // An alias and the type itself are one.
            let name = if dtype.is_complex() {
                dtype.name()
            } else {
                name
            };
            return Ok((StatedType { dtype, name }, span));
        }
        let help = match crate::suggest::nearest(&found, known.iter().map(|(name, _)| *name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                known.retain(|(_, dtype)| !dtype.is_complex());
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                format!(
                    "the types are {}, `Complex<f32>`, `Complex<f64>`",
                    quoted(&names)
                )
            }
        };
        let message = "expected the name of an element type".to_string();
        self.fail(span, message, Some(help))
    }

    /// What follows `Complex`, which stands at `span`.
    fn complex(&mut self, input: ParseStream<'_>, span: Span) -> syn::Result<(StatedType, Span)> {
        let help = "write `Complex<f32>` or `Complex<f64>`";
        if !input.peek(Token![<]) {
            let message = "expected the type of the parts of the complex number".to_string();
            return self.fail(span, message, Some(help.to_string()));
        }
        input.parse::<Token![<]>()?;
        // Only a name: a list of thousands of brackets must not recurse.
        let place = input.span();
        let part = match input.peek(Ident::peek_any) {
            true => input.call(Ident::parse_any)?.to_string(),
            false => String::new(),
        };
        let Some(dtype) = DType::from_name(&part).and_then(DType::complex) else {
            let message = "the parts of a complex number are `f32` or `f64`".to_string();
            return self.fail(place, message, Some(help.to_string()));
        };
        let end: Token![>] = input.parse()?;
        let span = span.join(end.span).unwrap_or(span);
        let name = dtype.name();
        Ok((StatedType { dtype, name }, span))
    }
}
