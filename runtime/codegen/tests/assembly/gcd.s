0:
  movq %rax, %rdx
  orq %r12, %rdx
  shrq $0x20, %rdx
  testq %rdx, %rdx
  jnz 2 else 1
1:
  xorq %rdx, %rdx
  divl %r12d ;; implicit: %eax, %edx, trap=254
  movl %edx, %edx
  jmp 3
2:
  xorq %rdx, %rdx
  divq %r12 ;; implicit: %rax, %rdx, trap=254
  jmp 3
3:
  movl (%r11), %eax
  testl %eax, %eax
  jnz out else 4
4:
  testq %rdx, %rdx
  jnz 5 else out
5:
  movq %r12, %rax
  movq %rdx, %r12
  jmp 0
