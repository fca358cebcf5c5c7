#!/usr/bin/perl
# Lints doc/openapi.yaml: well-formed YAML without duplicate keys, the OpenAPI 3.0 schema, references
# that lead somewhere, unique operation names, path parameters declared, responses described.
# usage: openapi.pl FILE.yaml [ROUTES.json]; prints every fault, exit code 1 when there is any. With what
# `nep-server routes --json` prints, described and served addresses must be the same.
use strict;
use warnings;
use JSON::PP ();
use JSON::Validator;
use JSON::Validator::Schema::OpenAPIv3;
use YAML::XS ();

my $file   = shift // die "usage: openapi.pl FILE.yaml [ROUTES.json]\n";
my $routes = shift;
local $YAML::XS::Boolean = 'JSON::PP';
my $api = eval { YAML::XS::LoadFile($file) } // do { print "$file: $@"; exit 1 };
my @faults = eval { map { "$_" } @{ JSON::Validator::Schema::OpenAPIv3->new($api)->errors } };
push @faults, $@ =~ s/ at \S+ line .*//sr if $@;

# Where a "#/a/b" reference leads, or undef.
sub target {
  my $at = $api;
  for my $step (split m{/}, $_[0] =~ s{^#/}{}r) {
    $step =~ s/~1/\//g;
    $step =~ s/~0/~/g;
    return unless ref $at eq 'HASH' && exists $at->{$step};
    $at = $at->{$step};
  }
  return $at;
}

my %used;

sub references {
  my ($node, $where) = @_;
  if (ref $node eq 'HASH') {
    if (defined(my $to = $node->{'$ref'})) {
      $used{$to} = 1;
      push @faults, "$where: \$ref $to leads nowhere" unless defined target($to);
    }
    references($node->{$_}, "$where/$_") for sort keys %$node;
  }
  elsif (ref $node eq 'ARRAY') {
    references($node->[$_], "$where/$_") for 0 .. $#$node;
  }
}
references($api, '');

# YAML::XS keeps the last of two equal keys, so duplicates are looked for in the text.
sub duplicates {
  open my $in, '<', $file or die "$file: $!\n";
  my @open;
  my $block = -1;
  while (<$in>) {
    next if /^\s*(#|$)/;
    my ($space) = /^( *)/;
    my $depth = length $space;
    if ($block >= 0) {
      next if $depth > $block;
      $block = -1;
    }
    $block = $depth if /[|>][-+]?\s*$/;
    my $item = s/^( *)- /$1  / ? 1 : 0;
    $depth += 2 if $item;
    pop @open while @open && ($open[-1]{depth} > $depth || $item && $open[-1]{depth} == $depth);
    next unless /^ *("[^"]*"|'[^']*'|[^\s:{\[]+):(\s|$)/;
    push @open, { depth => $depth, seen => {} } if !@open || $open[-1]{depth} < $depth;
    push @faults, "line $.: the key $1 stands twice" if $open[-1]{seen}{$1}++;
  }
}
duplicates();

my (%operation, %described, $count);
for my $path (sort keys %{ $api->{paths} // {} }) {
  my $item = $api->{paths}{$path};
  for my $method (grep { ref $item->{$_} && /^(get|put|post|delete|head|patch|options)$/ } sort keys %$item) {
    my $op   = $item->{$method};
    my $name = "\U$method\E $path";
    $count++;
    $described{ $name . ' ' . ($op->{operationId} // '') } = 1;
    push @faults, "$name: no operationId" unless $op->{operationId};
    push @faults, "$name: operationId $op->{operationId} is used twice"
      if $op->{operationId} && $operation{ $op->{operationId} }++;
    push @faults, "$name: no summary" unless $op->{summary};
    push @faults, "$name: no refusal (4xx) is described"
      unless grep { /^(4|default)/ } keys %{ $op->{responses} // {} };
    my @parameters = map { $_->{'$ref'} ? target($_->{'$ref'}) // {} : $_ }
      @{ $item->{parameters} // [] }, @{ $op->{parameters} // [] };
    my %declared = map { $_->{name} => 1 } grep { ($_->{in} // '') eq 'path' } @parameters;
    for my $wanted ($path =~ /\{(\w+)\}/g) {
      push @faults, "$name: path parameter {$wanted} is not declared" unless delete $declared{$wanted};
    }
    push @faults, "$name: path parameter $_ is not in the path" for sort keys %declared;
  }
}
for my $kind (sort keys %{ $api->{components} // {} }) {
  next if $kind eq 'securitySchemes';
  for my $name (sort keys %{ $api->{components}{$kind} }) {
    push @faults, "components/$kind/$name is never used" unless $used{"#/components/$kind/$name"};
  }
}
push @faults, "no operation is described" unless $count;
if (defined $routes) {
  open my $in, '<', $routes or die "$routes: $!\n";
  my %served = map { ("$_->{method} $_->{path} $_->{operation}" => 1) } @{ JSON::PP::decode_json(join '', <$in>) };
  push @faults, map {"$_ is served and not described"} grep { !$described{$_} } sort keys %served;
  push @faults, map {"$_ is described and not served"} grep { !$served{$_} } sort keys %described;
}
print "$file: $_\n" for @faults;
exit(@faults ? 1 : 0);
