/* Runs a laid-out image on aarch64; built and driven by tests/qemu.rs.
 *
 *   host symbols                          prints the imports that it offers: name, address
 *   host run IMAGE BASE TEXT_LEN ENTRY    numbers in hexadecimal; reads the operands:
 *
 *     OPERANDS, then for each its number of words and the words
 *     DIMS, then the dims
 *     STEPS, then the steps
 *
 * and prints status, site, failing element and payload on the first line and each operand's
 * words on one more. Linked statically at a fixed address, so that `symbols` holds for `run`.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* brolga_abi::KernelContext */
struct context {
    uint32_t site, reserved;
    uint64_t element, payload[4];
    uint64_t first_index;
    uintptr_t stack_limit;
    const uint32_t *cancel;
    const uint8_t *const *globals;
    const void *pool;
};

/* brolga_abi::ReductionDecl */
struct reduction {
    uint32_t op, dtype;
    uint64_t offset;
};

typedef uint32_t kernel(uint8_t *const *args, const size_t *dims, const ptrdiff_t *steps,
                        struct context *context);
typedef uint32_t body(const uint8_t *env, uint64_t begin, uint64_t end, uint8_t *partials,
                      struct context *context);

/* Stand-ins with exact results, the same in C and in Rust. */
static double nrt_exp_f64(double x) { return 2.0 * x + 1.0; }
static double nrt_sin_f64(double x) { return 0.25 * x; }

/* Two halves in order; Add (0) and Max (3) of f64 are joined. */
static uint32_t nrt_parallel_for(struct context *context, body *run, const uint8_t *env,
                                 uint64_t n, uint64_t cost, const struct reduction *reductions,
                                 uint64_t count, uint8_t *results)
{
    double halves[2][64] = {{0}};
    (void)cost;
    if (count > 64)
        return 5;
    for (int k = 0; k < 2; k++) {
        uint64_t begin = k ? n / 2 : 0, end = k ? n : n / 2;
        uint32_t status = run(env, begin, end, (uint8_t *)halves[k], context);
        if (status)
            return status;
    }
    for (uint64_t k = 0; k < count; k++) {
        uint64_t word = reductions[k].offset / 8;
        double a = halves[0][word], b = halves[1][word];
        double joined = reductions[k].op == 0 ? a + b : a > b ? a : b;
        memcpy(results + reductions[k].offset, &joined, 8);
    }
    return 0;
}

static const struct {
    const char *name;
    uintptr_t address;
} SYMBOLS[] = {
    {"nrt_exp_f64", (uintptr_t)nrt_exp_f64},
    {"nrt_parallel_for", (uintptr_t)nrt_parallel_for},
    {"nrt_sin_f64", (uintptr_t)nrt_sin_f64},
};

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* The instructions of runtime/link/src/flush.rs. */
static void publish(const uint8_t *code, size_t len)
{
    uint64_t ctr;
    __asm__ volatile("mrs %0, ctr_el0" : "=r"(ctr));
    uintptr_t data = 4u << (ctr >> 16 & 15), line = 4u << (ctr & 15);
    uintptr_t start = (uintptr_t)code, end = start + len;
    for (uintptr_t at = start & ~(data - 1); at < end; at += data)
        __asm__ volatile("dc cvau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish" : : : "memory");
    for (uintptr_t at = start & ~(line - 1); at < end; at += line)
        __asm__ volatile("ic ivau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

static uint64_t number(void)
{
    uint64_t word;
    if (scanf("%" SCNx64, &word) != 1)
        fail("the operands");
    return word;
}

static uint64_t *numbers(uint64_t *count)
{
    *count = number();
    uint64_t *words = malloc(8 * (*count + 1));
    if (!words)
        fail("malloc");
    for (uint64_t k = 0; k < *count; k++)
        words[k] = number();
    return words;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "symbols")) {
        for (size_t k = 0; k < sizeof SYMBOLS / sizeof *SYMBOLS; k++)
            printf("%s %" PRIxPTR "\n", SYMBOLS[k].name, SYMBOLS[k].address);
        return 0;
    }
    if (argc != 6)
        return 2;
    uint8_t *base = (uint8_t *)strtoull(argv[3], NULL, 16);
    size_t text_len = strtoull(argv[4], NULL, 16), entry = strtoull(argv[5], NULL, 16);

    FILE *file = fopen(argv[2], "rb");
    if (!file || fseek(file, 0, SEEK_END))
        fail(argv[2]);
    size_t len = ftell(file);
    rewind(file);
    uint8_t *image = mmap(base, len, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (image != base)
        fail("mmap at the base address");
    if (fread(image, 1, len, file) != len)
        fail("reading the image");
    if (mprotect(image, text_len, PROT_READ | PROT_EXEC) ||
        (len > text_len && mprotect(image + text_len, len - text_len, PROT_READ)))
        fail("mprotect");
    publish(image, text_len);

    uint64_t operands = number(), lengths[16], count;
    uint8_t *args[16];
    if (operands > 16)
        return 2;
    for (uint64_t k = 0; k < operands; k++)
        args[k] = (uint8_t *)numbers(&lengths[k]);
    uint64_t *dims = numbers(&count), *steps = numbers(&count);
    struct context context = {0};
    kernel *function = (kernel *)(image + entry);
    uint32_t status = function(args, dims, (const ptrdiff_t *)steps, &context);

    printf("%x %x %" PRIx64, status, context.site, context.element);
    for (int k = 0; k < 4; k++)
        printf(" %" PRIx64, context.payload[k]);
    printf("\n");
    for (uint64_t k = 0; k < operands; k++) {
        for (uint64_t word = 0; word < lengths[k]; word++)
            printf("%" PRIx64 " ", ((uint64_t *)args[k])[word]);
        printf("\n");
    }
    return 0;
}
