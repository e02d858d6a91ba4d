/* The generated tables, as read-only data; PS_PEDERSEN_FILE and PS_GENERATOR_FILE name them. */
    .section .rodata
    .balign 64
    .global ps_pedersen_table
    .hidden ps_pedersen_table
    .type ps_pedersen_table, %object
ps_pedersen_table:
    .incbin PS_PEDERSEN_FILE
    .size ps_pedersen_table, . - ps_pedersen_table

    .balign 64
    .global ps_generator_table
    .hidden ps_generator_table
    .type ps_generator_table, %object
ps_generator_table:
    .incbin PS_GENERATOR_FILE
    .size ps_generator_table, . - ps_generator_table

    .section .note.GNU-stack, "", %progbits
