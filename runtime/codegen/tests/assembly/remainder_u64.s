0:
  movq (%r10), %rdx
  mulxq (%rip), %rsi, %rsi ;; implicit: %rdx
  movq %rdx, %r11
  subq %rsi, %r11
  shrq $1, %r11
  leaq (%rsi, %r11), %rsi
  shrq $0x9, %rsi
  imulq $0x3e8, %rsi, %rsi
  subq %rsi, %rdx
  movq %rdx, (%r8)
  leaq 1(%r9), %r9
  leaq (%r10, %rax), %r10
  leaq (%r8, %rcx), %r8
  cmpq %rdi, %r9
  jnz 0 else out
