0:
  movq %rdx, %rsi
  orq %rax, %rsi
  movq %rdx, %r15
  movq %rax, slot(%rsp)
  shrq $0x20, %rsi
  testq %rsi, %rsi
  jnz 2 else 1
1:
  xorq %rdx, %rdx
  movq %r15, %rax
  movq slot(%rsp), %rsi
  divl %esi ;; implicit: %eax, %edx, trap=254
  movl %edx, %edx
  movq %rdx, %r15
  jmp 3
2:
  xorq %rdx, %rdx
  movq %r15, %rax
  movq slot(%rsp), %rsi
  divq %rsi ;; implicit: %rax, %rdx, trap=254
  movq %rdx, %r15
  jmp 3
3:
  movq %r15, %rax
  movq %r15, %rdx
  testq %rdx, %rax
  jnz 4 else out
4:
  movq slot(%rsp), %rax
  movq %r15, %rsi
  movq %rax, %rdx
  orq %rsi, %rdx
  shrq $0x20, %rdx
  testq %rdx, %rdx
  jnz 6 else 5
5:
  xorq %rdx, %rdx
  movq slot(%rsp), %rax
  movq %r15, %rsi
  divl %esi ;; implicit: %eax, %edx, trap=254
  movl %edx, %eax
  movq %rax, slot(%rsp)
  jmp 7
6:
  xorq %rdx, %rdx
  movq slot(%rsp), %rax
  movq %r15, %rsi
  divq %rsi ;; implicit: %rax, %rdx, trap=254
  movq %rdx, slot(%rsp)
  jmp 7
7:
  movl (%r11), %eax
  testl %eax, %eax
  jnz out else 8
8:
  movq slot(%rsp), %rax
  movq slot(%rsp), %rdx
  testq %rdx, %rax
  jnz 9 else out
9:
  movq slot(%rsp), %rax
  movq %r15, %rdx
  jmp 0
