package hdf5

import "fmt"

const magic = "\x89HDF\r\n\x1a\n"

// superblock finds and reads the superblock, sets the file's base and field widths, and returns the address
// of the root group's object header.
func (s *scan) superblock() (root uint64, err error) {
	at, err := s.findMagic()
	if err != nil {
		return 0, err
	}
	s.f.base = at
	c := s.at("superblock", 0, uint64(len(magic)+1))
	c.skip(len(magic))
	version := c.version(0, 1, 2, 3)
	if version <= 1 {
		return s.superblock1(c, version)
	}
	return s.superblock2(c)
}

// findMagic looks for the signature at 0, 512, 1024, 2048 ...: a user block may stand before it.
func (s *scan) findMagic() (uint64, error) {
	for at := uint64(0); s.f.fits(at, uint64(len(magic))); at = max(512, 2*at) {
		b, err := s.read("signature", at, uint64(len(magic)))
		if err != nil {
			return 0, err
		}
		if string(b) == magic {
			return at, nil
		}
	}
	return 0, fmt.Errorf("not an HDF5 file: want the signature %q at offset 0, 512, 1024 or on", magic)
}

// superblock1 reads the rest of a version 0 or 1 superblock, which holds the root's symbol table entry.
func (s *scan) superblock1(c *cursor, version int) (root uint64, err error) {
	// In steps again: the widths of addresses are among the first bytes and decide where the others are
	// (section II.A).
	s.more(c, 15)
	c.skip(4)
	s.widths(c)
	c.skip(9)
	if version == 1 {
		s.more(c, 4)
		c.skip(4)
	}
	s.more(c, uint64(6*s.f.offsetSize))
	storedBase := c.addr()
	c.addr() // free-space information
	end := c.addr()
	c.addr() // driver information
	c.addr() // name of the root
	root = c.addr()
	return root, s.checkEnd(c, storedBase, end)
}

// superblock2 reads the rest of a version 2 or 3 superblock.
func (s *scan) superblock2(c *cursor) (root uint64, err error) {
	s.more(c, 3)
	s.widths(c)
	c.skip(1) // consistency flags
	s.more(c, uint64(4*s.f.offsetSize+4))
	storedBase := c.addr()
	c.addr() // superblock extension
	end := c.addr()
	root = c.addr()
	c.checksum()
	return root, s.checkEnd(c, storedBase, end)
}

// widths reads the sizes of addresses and lengths.
// The format allows 2, 16 and 32 bytes too; no writer makes them, and 64 bits hold no more than 8.
func (s *scan) widths(c *cursor) {
	offsets, lengths := c.u8(), c.u8()
	if !fieldWidth(offsets) || !fieldWidth(lengths) {
		c.fail("sizes of offsets and lengths: got %d and %d bytes, want 4 or 8", offsets, lengths)
		return
	}
	s.f.offsetSize, s.f.lengthSize = offsets, lengths
}

func fieldWidth(n int) bool { return n == 4 || n == 8 }

// checkEnd compares the end of the file that the superblock states with the real one. The stated one counts
// from where the file was when written, which storedBase tells.
// A download that broke off is the commonest damage, and everything else about it would be reported as some
// structure beyond the end. A longer file is no fault: something may stand behind.
func (s *scan) checkEnd(c *cursor, storedBase, end uint64) error {
	if c.err != nil {
		return c.err
	}
	if end < storedBase || !s.f.fits(0, end-storedBase) {
		return c.fail("the file is truncated: got %d bytes, want %d", s.f.size, s.f.base+(end-storedBase))
	}
	return nil
}
