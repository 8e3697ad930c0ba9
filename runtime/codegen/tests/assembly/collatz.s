0:
  movq %rbx, %rsi
  shrq $1, %rsi
  leaq 1(%rbx, %rbx, 2), %r12
  testq $0x1, %rbx
  cmoveq %rsi, %r12
  leal 1(%r11), %esi
  cmpq $0x1, %r12
  jnbe 1 else out
1:
  movl (%r8), %esi
  testl %esi, %esi
  jnz out else 2
2:
  movq %r12, %rsi
  shrq $1, %rsi
  leaq 1(%r12, %r12, 2), %rbx
  testq $0x1, %r12
  cmoveq %rsi, %rbx
  leal 2(%r11), %r11d
  cmpq $0x1, %rbx
  jnbe 0 else out
