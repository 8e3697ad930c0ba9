0:
  movl (%r8), %esi
  testl %esi, %esi
  jnz out else 1
1:
  movq %rbx, %r13
  shrq $1, %r13
  leaq 1(%rbx, %rbx, 2), %rsi
  testq $0x1, %rbx
  cmoveq %r13, %rsi
  leal 1(%r11), %r11d
  cmpq $0x1, %rsi
  jnbe 2 else out
2:
  movq %rsi, %rbx
  jmp 0
