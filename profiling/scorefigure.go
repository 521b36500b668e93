package profiling

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// The layout of the pictures of how well classes are told apart, in points.
const (
	rocColumns = 4
	rocGap     = 26
	rocHead    = 18
	rocFoot    = 26
	rocPage    = 20 // facets of one page
	// mostConfused is for how many classes the confusion is drawn: cells of more cannot be told apart.
	mostConfused = 40
	largestCell  = 30
	numberedCell = 15 // a smaller cell has no room for a number
	matrixGap    = 28
	matrixLabel  = 34
)

// scoreFigures are the ROC curves and the confusion, where the classes of the samples are known.
func (p *Profile) scoreFigures() []Figure {
	if p.Float == nil || p.Fixed == nil {
		return nil
	}
	out := p.rocFigures()
	if len(p.Float.Confusion) <= mostConfused {
		out = append(out, p.confusionFigure())
	}
	return out
}

// rocFigures are a facet per class, float and fixed point in each.
func (p *Profile) rocFigures() []Figure {
	var classes []int
	for k := range p.Float.Confusion {
		_, a, _ := p.Float.Class(k)
		_, b, _ := p.Fixed.Class(k)
		if len(a) > 0 && len(b) > 0 {
			classes = append(classes, k)
		}
	}
	var out []Figure
	for start := 0; start < len(classes); start += rocPage {
		part := classes[start:min(start+rocPage, len(classes))]
		lines := (len(part) + rocColumns - 1) / rocColumns
		f := Figure{
			Name: "roc", Title: "ROC curves, each class against the others", width: pageWidth,
			height: headHeight + vg.Length(lines)*(rocHead+rocSide()+rocFoot) + 30,
		}
		if start > 0 {
			f.Name += fmt.Sprintf("_%d", start/rocPage+1)
		}
		f.about = fmt.Sprintf("%s, of %s: floating point and fixed point", f.Title, p.Model)
		f.paint = func(page *page) {
			p.paintScoreHead(page, f.Title)
			for i, k := range part {
				x := pageMargin + 14 + vg.Length(i%rocColumns)*(rocSide()+rocGap)
				y := headHeight + vg.Length(i/rocColumns)*(rocHead+rocSide()+rocFoot)
				p.paintROC(page, k, x, y)
			}
			page.scoreLegend(f.height - 16)
		}
		out = append(out, f)
	}
	return out
}

// rocSide is the side of the square of a curve.
func rocSide() vg.Length {
	return (pageWidth - 2*pageMargin - 14 - (rocColumns-1)*rocGap) / rocColumns
}

func (p *Profile) paintScoreHead(page *page, title string) {
	page.write(pageMargin, 16, title, titleText)
	page.write(pageMargin, 32, fmt.Sprintf("%s, %s, %s, %d samples; accuracy: %.2f %% in floating point, "+
		"%.2f %% in fixed point", p.Model, p.Backend, p.IOType, p.Samples, 100*p.Float.Accuracy,
		100*p.Fixed.Accuracy), smallText)
}

// paintROC draws both curves of a class over the diagonal of a model that knows nothing.
func (p *Profile) paintROC(page *page, class int, x, y vg.Length) {
	side, top := rocSide(), y+rocHead
	bottom := top + side
	a, float, _ := p.Float.Class(class)
	b, fixed, _ := p.Fixed.Class(class)
	name := fmt.Sprintf("class %d", class)
	page.write(x, y+9, name, headText)
	page.write(x+page.measure(name, headText)+6, y+9, fmt.Sprintf("area %.4f, %.4f", a, b), smallText)
	page.rect(band, x, top, x+side, bottom)
	page.line(greyRim, 0.6, x, bottom, x+side, top)
	page.frame(faded, 0.7, x, top, x+side, bottom)
	for i, curve := range [][]Rates{float, fixed} {
		line := make([]vg.Point, len(curve))
		for k, r := range curve {
			line[k] = vg.Point{X: x + vg.Length(r.False)*side, Y: bottom - vg.Length(r.True)*side}
		}
		if i == 0 {
			page.lines(fills[Before], 1.8, line)
		} else {
			page.lines(rims[After], 1, line, 4, 2)
		}
	}
	for _, tick := range []string{"0", "1"} {
		v, _ := strconv.Atoi(tick)
		page.write(x+vg.Length(v)*side, bottom+8, tick, tickText)
		page.write(x-4, bottom-vg.Length(v)*side, tick, pairText)
	}
	middle := smallText
	middle.align = tickText.align
	page.write(x+side/2, bottom+8, "share of the others taken", middle)
	page.write(x+4, top+8, "share of the class", smallText)
}

// scoreLegend tells the two models apart.
func (p *page) scoreLegend(y vg.Length) {
	x := vg.Length(pageMargin)
	p.line(fills[Before], 1.8, x, y, x+20, y)
	p.write(x+25, y, "floating point", smallText)
	x += 25 + p.measure("floating point", smallText) + 16
	p.line(rims[After], 1, x, y, x+20, y, 4, 2)
	p.write(x+25, y, "fixed point", smallText)
}

// confusionFigure shows both models' confusion side by side.
func (p *Profile) confusionFigure() Figure {
	n := len(p.Float.Confusion)
	side := vg.Length(pageWidth-2*pageMargin-matrixGap)/2 - matrixLabel
	cell := min(side/vg.Length(n), largestCell)
	f := Figure{
		Name: "confusion", Title: "Confusion: samples by class and answer", width: pageWidth,
		height: headHeight + 14 + vg.Length(n)*cell + 60,
	}
	f.about = fmt.Sprintf("%s, of %s: floating point and fixed point", f.Title, p.Model)
	f.paint = func(page *page) {
		p.paintScoreHead(page, f.Title)
		x := vg.Length(pageMargin)
		for i, s := range []*Scores{p.Float, p.Fixed} {
			page.write(x+matrixLabel, headHeight, []string{"floating point", "fixed point"}[i], headText)
			page.matrix(s.Confusion, fills[Stages()[i]], x+matrixLabel, headHeight+12, cell)
			x += side + matrixLabel + matrixGap
		}
		page.write(pageMargin, f.height-14, "The shade is the share of the samples of the class, the numbers are "+
			"samples. Classes without samples have no shade.", smallText)
	}
	return f
}

// matrix draws a confusion with the classes at its left and the answers below.
func (p *page) matrix(m [][]int, full color.RGBA, x, y, cell vg.Length) {
	n := vg.Length(len(m))
	every := 1
	for vg.Length(every)*cell < numberedCell {
		every++
	}
	count := tickText
	count.size = min(8, cell*0.36)
	for k, row := range m {
		total := 0
		for _, v := range row {
			total += v
		}
		top := y + vg.Length(k)*cell
		for j, v := range row {
			left := x + vg.Length(j)*cell
			if v > 0 {
				p.rect(shade(full, float64(v)/float64(total)), left, top, left+cell, top+cell)
			}
			if v > 0 && cell >= numberedCell {
				p.write(left+cell/2, top+cell/2, strconv.Itoa(v), p.shrink(strconv.Itoa(v), count, cell-2))
			}
		}
		if k%every == 0 {
			p.write(x-4, top+cell/2, strconv.Itoa(k), pairText)
			p.write(x+(vg.Length(k)+0.5)*cell, y+n*cell+9, strconv.Itoa(k), tickText)
		}
	}
	for k := range len(m) + 1 {
		at := vg.Length(k) * cell
		p.line(hair, 0.5, x+at, y, x+at, y+n*cell)
		p.line(hair, 0.5, x, y+at, x+n*cell, y+at)
	}
	p.frame(faded, 0.7, x, y, x+n*cell, y+n*cell)
	title := smallText
	title.align = tickText.align
	p.write(x+n*cell/2, y+n*cell+22, "answer", title)
	p.write(x-matrixLabel, y-6, "class", smallText)
}

// shade mixes a colour with white; the least share is still seen.
func shade(full color.RGBA, share float64) color.Color {
	share = 0.08 + 0.92*share
	mix := func(v uint8) uint8 { return uint8(255 - (255-float64(v))*share) }
	return color.RGBA{mix(full.R), mix(full.G), mix(full.B), 0xff}
}
