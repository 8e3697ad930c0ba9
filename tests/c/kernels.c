/* Calls kernels that Brolga exported as any C program calls a library, and prints the bits of
 * what they give. tests/objects/export.rs compiles, links and runs it, and compares the lines
 * with what the same kernels give from Rust. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "brolga_c_axpy_f64.h"
#include "brolga_c_divide.h"
#include "brolga_c_product.h"
#include "brolga_c_wave.h"

enum { N = 1003, LOOPS = 3, ROWS = 5, COLUMNS = 7 };

static void print(const char *what, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        printf("%s %zu %016" PRIx64 "\n", what, i, bits);
    }
}

/* The same numbers as in the test. */
static void fill(double *values, size_t count, unsigned seed) {
    for (size_t i = 0; i < count; i++) {
        values[i] = (double)((i * 37 + seed) % 101) / 8.0 - 6.0;
    }
}

static int axpy(void) {
    static double x[N], y[N], out[N];
    double a = 1.5;
    fill(x, N, 1);
    fill(y, N, 2);
    void *args[] = {&a, x, y, out};
    size_t dims[] = {N};
    ptrdiff_t steps[] = {0, sizeof *x, sizeof *y, sizeof *out};
    struct brolga_context context = {0};
    uint32_t status = brolga_c_axpy_f64(args, dims, steps, &context);
    print("axpy", out, N);
    return status == BROLGA_OK;
}

static int wave(void) {
    static double x[2 * N], out[N];
    fill(x, 2 * N, 3);
    void *args[] = {x, out};
    size_t dims[] = {N};
    /* Every second element. */
    ptrdiff_t steps[] = {2 * sizeof *x, sizeof *out};
    struct brolga_context context = {0};
    context.globals = brolga_c_wave_globals();
    uint32_t status = brolga_c_wave(args, dims, steps, &context);
    print("wave", out, N);
    return status == BROLGA_OK;
}

static int product(void) {
    static double a[LOOPS * ROWS * COLUMNS], x[COLUMNS], out[LOOPS * ROWS];
    fill(a, LOOPS * ROWS * COLUMNS, 4);
    fill(x, COLUMNS, 5);
    void *args[] = {a, x, out};
    size_t dims[] = {LOOPS, ROWS, COLUMNS};
    ptrdiff_t steps[] = {
        ROWS * COLUMNS * sizeof *a, 0, ROWS * sizeof *out, /* from one loop to the next */
        COLUMNS * sizeof *a, sizeof *a,                    /* the axes of a */
        sizeof *x,                                         /* the axis of x */
        sizeof *out,                                       /* the axis of out */
    };
    struct brolga_context context = {0};
    uint32_t status = brolga_c_product(args, dims, steps, &context);
    print("product", out, LOOPS * ROWS);
    return status == BROLGA_OK;
}

static int divide(void) {
    int64_t a[20], b[20], out[20] = {0};
    for (int i = 0; i < 20; i++) {
        a[i] = 100 * i;
        b[i] = 17 - i;
    }
    void *args[] = {a, b, out};
    size_t dims[] = {20};
    ptrdiff_t steps[] = {sizeof *a, sizeof *b, sizeof *out};
    struct brolga_context context = {0};
    context.first_index = 1000;
    uint32_t status = brolga_c_divide(args, dims, steps, &context);
    struct brolga_site site = brolga_c_divide_site(context.error.site);
    printf("panic %" PRIu64 ": %s: %s:%" PRIu32 ":%" PRIu32 " in %s\n", context.error.element,
           site.message, site.file, site.line, site.column, site.function);
    for (int i = 0; i < 17; i++) {
        printf("divide %d %" PRId64 "\n", i, out[i]);
    }
    return status == BROLGA_PANIC && brolga_c_divide_site(99).line == 0;
}

int main(void) {
    int right = axpy() && wave() && product() && divide();
    puts(right ? "right" : "a wrong status");
    return !right;
}
